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
      settleMaps();
    });
  }).observe(document.documentElement, {
    childList: true,
    subtree: true,
    attributes: true,
    attributeFilter: ["data-lang"],
  });

  /* The clipboard may be asked only at the click itself: a text still to be fetched is promised to it. */
  const toClipboard = async (text) => {
    try {
      if (typeof text === "string") return await navigator.clipboard.writeText(text);
      const promised = text.then((words) => new Blob([words], { type: "text/plain" }));
      return await navigator.clipboard.write([new ClipboardItem({ "text/plain": promised })]);
    } catch {
      const field = document.createElement("textarea");
      field.value = await text;
      document.body.append(field);
      field.select();
      document.execCommand("copy");
      field.remove();
    }
  };

  const fetched = async (address) => {
    const answer = await fetch(address);
    if (!answer.ok) throw new Error(await answer.text());
    return answer.text();
  };

  const copy = async (link) => {
    if (link.dataset.words) return; // its thanks are still to be read
    const address = new URL(link.getAttribute("href"), location.href).href;
    link.dataset.words = link.textContent;
    link.setAttribute("aria-live", "polite");
    try {
      await toClipboard(link.dataset.copyText ? fetched(address) : address);
      link.textContent = link.dataset.copyText ?? link.dataset.copy;
    } catch (error) {
      link.textContent = error.message;
    }
    setTimeout(() => {
      link.textContent = link.dataset.words;
      delete link.dataset.words;
    }, 2000);
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-copy], a[data-copy-text]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    copy(link);
  });

  /* The menu of a view closes as menus do: on Escape, on a click elsewhere, and when the focus leaves it. */
  const openMenus = () => document.querySelectorAll(".pn-menu > details[open]");
  const closeMenus = (except) => {
    for (const menu of openMenus()) if (menu !== except) menu.open = false;
  };
  document.addEventListener("click", (event) => closeMenus(event.target.closest?.(".pn-menu > details")));
  document.addEventListener("focusin", (event) => {
    if (event.target !== document.body) closeMenus(event.target.closest?.(".pn-menu > details"));
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of openMenus()) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  /* A map of the states is one stop for the Tab key; arrow keys walk it to the nearest state in that direction. */
  const places = (map) => [...map.querySelectorAll("a:not([aria-hidden])")];
  const stopAt = (map, chosen) => {
    for (const place of places(map)) place.setAttribute("tabindex", place === chosen ? "0" : "-1");
  };
  const settleMaps = () => {
    for (const map of document.querySelectorAll("[data-tiles]")) {
      const all = places(map);
      if (all.length && all.filter((place) => place.getAttribute("tabindex") === "0").length !== 1) {
        stopAt(map, all.find((place) => place.hasAttribute("aria-current")) ?? all[0]);
      }
    }
  };

  /* Where a state lies: on the map of outlines its true place, however far from there its code stands. */
  const middle = (place) => {
    if (place.dataset.at) {
      const [east, north] = place.dataset.at.split(",").map(Number);
      return [east, -north];
    }
    const box = place.getBoundingClientRect();
    return [box.x + box.width / 2, box.y + box.height / 2];
  };
  const directions = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
  const neighbour = (place, all, [dx, dy]) => {
    const [x, y] = middle(place);
    let best = null;
    let least = Infinity;
    for (const other of all) {
      const [ox, oy] = middle(other);
      const ahead = (ox - x) * dx + (oy - y) * dy;
      const aside = Math.abs((ox - x) * dy) + Math.abs((oy - y) * dx);
      if (ahead > 1 && ahead + 2 * aside < least) {
        least = ahead + 2 * aside;
        best = other;
      }
    }
    return best;
  };
  document.addEventListener("keydown", (event) => {
    const place = event.target.closest?.("[data-tiles] a");
    const map = place?.closest("[data-tiles]");
    if (!map || event.ctrlKey || event.metaKey || event.altKey) return;
    const all = places(map);
    const next = {
      Home: () => all[0],
      End: () => all.at(-1),
    }[event.key]?.() ?? (directions[event.key] && neighbour(place, all, directions[event.key]));
    if (event.key in directions || next) event.preventDefault();
    next?.focus();
  });
  document.addEventListener("focusin", (event) => {
    const place = event.target.closest?.("[data-tiles] a:not([aria-hidden])");
    if (place) stopAt(place.closest("[data-tiles]"), place);
  });
})();
