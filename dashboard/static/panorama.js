/* Small manners of the page that Streamlit does not have: language, links that copy themselves, keys on the tile map. */
"use strict";

(() => {
  const frame = () => {
    const marker = document.querySelector("[data-lang]");
    if (marker && document.documentElement.lang !== marker.dataset.lang) {
      document.documentElement.lang = marker.dataset.lang;
    }
    for (const link of document.querySelectorAll(".st-key-frame-nav a")) {
      if (link.closest(".st-key-nav-here")) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
  };

  /* Streamlit tells of an unknown page in English only; the page itself says it in the reader's language. */
  const closeForeignNotice = () => {
    for (const dialog of document.querySelectorAll('[role="dialog"]')) {
      if (dialog.textContent.startsWith("Page not found")) {
        dialog.querySelector('button[aria-label="Close"]')?.click();
      }
    }
  };

  /* The address bar is kept by the app; a link with a # asks for a view that is drawn only later. */
  let sought = location.hash.slice(1);
  const goToView = () => {
    if (!sought) return;
    const target = document.getElementById(sought);
    if (!target) return;
    sought = "";
    if (target.tagName === "TR" || target.closest("details")) target.closest("details")?.setAttribute("open", "");
    target.scrollIntoView({ block: "start" });
    target.classList.add("pn-sought");
  };

  let isWaiting = false;
  new MutationObserver(() => {
    if (isWaiting) return;
    isWaiting = true;
    requestAnimationFrame(() => {
      isWaiting = false;
      frame();
      closeForeignNotice();
      goToView();
    });
  }).observe(document.documentElement, {
    childList: true,
    subtree: true,
    attributes: true,
    attributeFilter: ["data-lang"],
  });

  const copy = async (link) => {
    const address = new URL(link.getAttribute("href"), location.href).href;
    try {
      await navigator.clipboard.writeText(address);
    } catch {
      const field = document.createElement("textarea");
      field.value = address;
      document.body.append(field);
      field.select();
      document.execCommand("copy");
      field.remove();
    }
    const words = link.textContent;
    link.textContent = link.dataset.copy;
    link.setAttribute("aria-live", "polite");
    setTimeout(() => (link.textContent = words), 2000);
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-copy]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    copy(link);
  });

  /* Arrow keys walk the tiles to the nearest one in that direction. */
  const directions = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
  document.addEventListener("keydown", (event) => {
    const tile = event.target.closest?.("[data-tiles] a");
    const direction = directions[event.key];
    if (!tile || !direction) return;
    event.preventDefault();
    const middle = (element) => {
      const box = element.getBoundingClientRect();
      return [box.x + box.width / 2, box.y + box.height / 2];
    };
    const [x, y] = middle(tile);
    const [dx, dy] = direction;
    let best = null;
    let least = Infinity;
    for (const other of tile.closest("[data-tiles]").querySelectorAll("a")) {
      const [ox, oy] = middle(other);
      const ahead = (ox - x) * dx + (oy - y) * dy;
      const aside = Math.abs((ox - x) * dy) + Math.abs((oy - y) * dx);
      if (ahead > 1 && ahead + 2 * aside < least) {
        least = ahead + 2 * aside;
        best = other;
      }
    }
    best?.focus();
  });
})();
