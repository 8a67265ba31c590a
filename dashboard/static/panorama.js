/* Small manners of the page that Streamlit does not have: language, links that copy themselves, keys on the tile map. */
"use strict";

(() => {
  const bringIntoRow = (link) => {
    const row = link.closest(".st-key-frame-nav");
    // never away from the link that a keyboard has reached in the meantime
    if (!row || row.contains(document.activeElement)) return;
    const [here, edges] = [link.getBoundingClientRect(), row.getBoundingClientRect()];
    if (here.right > edges.right || here.left < edges.left) row.scrollLeft += here.right - edges.right + edges.width / 3;
  };

  const frame = () => {
    const marker = document.querySelector("[data-lang]");
    if (marker && document.documentElement.lang !== marker.dataset.lang) {
      document.documentElement.lang = marker.dataset.lang;
    }
    for (const link of document.querySelectorAll(".st-key-frame-nav a")) {
      if (!link.closest(".st-key-nav-here")) link.removeAttribute("aria-current");
      else if (!link.ariaCurrent) {
        link.setAttribute("aria-current", "page");
        // on a phone the names of the pages lie side by side beyond the edge; letters and styles may still be on their way
        for (const wait of [0, 400, 1500]) setTimeout(() => bringIntoRow(link), wait);
      }
    }
    const pages = document.querySelector(".st-key-frame-nav");
    if (pages && marker && pages.ariaLabel !== marker.dataset.pages) {
      pages.setAttribute("role", "navigation");
      pages.ariaLabel = marker.dataset.pages;
    }
    const skip = document.querySelector(SKIP);
    if (skip && marker && skip.textContent !== marker.dataset.skip) skip.textContent = marker.dataset.skip;
  };

  /* Streamlit's own link past the navigation speaks English and leads to a part that begins with the navigation. */
  const SKIP = '[data-testid="stSkipToContent"]';
  document.addEventListener(
    "click",
    (event) => {
      const start = document.getElementById(document.querySelector("[data-lang]")?.dataset.start);
      if (!start || !event.target.closest?.(SKIP)) return;
      event.preventDefault(); // the address says what is shown, not where one stands
      event.stopPropagation();
      start.focus();
    },
    true,
  );

  /* What a filter or another page brought is told to those who do not see it: the heading, or the first new sentence. */
  const voice = document.createElement("div");
  voice.className = "pn-unseen";
  voice.setAttribute("role", "status");
  let known = [];
  let settling;
  let since; // when the page began to change; charts go on changing long after the words stand
  const tell = () => {
    since = undefined;
    if (document.querySelector('[data-test-script-state="running"]')) return listen();
    const now = [...document.querySelectorAll("h1, .pn-takeaway")].map((one) => one.textContent.trim());
    const fresh = now.find((words) => !known.includes(words));
    if (known.length && fresh) voice.textContent = fresh;
    if (now.length) known = now;
  };
  const listen = () => {
    if (!voice.isConnected) document.body.append(voice);
    clearTimeout(settling);
    since ??= performance.now();
    settling = setTimeout(tell, Math.max(0, Math.min(400, since + 1200 - performance.now())));
  };

  /* Streamlit tells of an unknown page in English only; the page itself says it in the reader's language. */
  const closeForeignNotice = () => {
    for (const dialog of document.querySelectorAll('[role="dialog"]')) {
      if (dialog.textContent.startsWith("Page not found")) {
        dialog.querySelector('button[aria-label="Close"]')?.click();
      }
    }
  };

  /* The address bar is kept by the app; a link with a # asks for a view that is drawn only later. What is drawn above it
     later still would push it away again: the page holds it until the reader moves, or until nothing more is to come. */
  const HOLD = 8000; // milliseconds
  let sought = location.hash.slice(1);
  let isHeld = false;
  const hold = (target) => {
    isHeld = true;
    const growth = new ResizeObserver(() => goToView());
    const letGo = () => {
      sought = "";
      growth.disconnect();
    };
    setTimeout(letGo, HOLD);
    for (const deed of ["wheel", "touchstart", "pointerdown", "keydown"]) {
      addEventListener(deed, letGo, { capture: true, once: true, passive: true });
    }
    const content = target.closest('[data-testid="stMainBlockContainer"]');
    if (content) growth.observe(content);
  };
  const goToView = () => {
    const target = sought && document.getElementById(sought);
    if (!target) return;
    if (!isHeld) {
      target.closest("details")?.setAttribute("open", "");
      hold(target);
    }
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
      leadOn();
      listen();
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

  /* The table of a closed fold is fetched when somebody opens the fold, prints it open or searches the page. */
  const waiting = () => [...document.querySelectorAll("details[data-later]")].filter((fold) => fold.querySelector(".pn-later"));
  const fill = (fold, markup) => fold.querySelector(".pn-later")?.replaceWith(...fragment(markup));
  const fragment = (markup) => new DOMParser().parseFromString(markup, "text/html").body.childNodes;
  const bring = async (fold) => {
    const place = fold.querySelector(".pn-later");
    if (!place || place.ariaBusy === "true") return;
    place.ariaBusy = "true";
    try {
      fill(fold, await fetched(fold.dataset.later));
    } catch {
      place.ariaBusy = "false"; // the link to the table's own page stays, and opening the fold again tries again
    }
  };
  document.addEventListener("toggle", (event) => event.target.open && event.target.dataset?.later && bring(event.target), true);
  document.addEventListener("keydown", (event) => {
    const isSearch = event.key === "F3" || ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "f");
    if (isSearch) waiting().forEach(bring);
  });
  addEventListener("beforeprint", () => {
    for (const fold of waiting().filter((each) => each.open)) {
      const request = new XMLHttpRequest(); // the printer waits for nothing that comes later
      request.open("GET", fold.dataset.later, false);
      request.send();
      if (request.status === 200) fill(fold, request.responseText);
    }
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

  /* A part of a chart that counts records leads to them; the addresses stand in the "meta" of its trace. A finger first
     reads what stands under it, then follows; the table beside the chart has the same links for the keyboard. */
  const leading = new WeakSet();
  let isFinger = false;
  let touched = "";
  document.addEventListener("pointerdown", (event) => (isFinger = event.pointerType === "touch"), true);
  const linkOf = (event) => {
    for (const point of event.points ?? []) {
      const link = point.data?.meta?.links?.[point.pointNumber];
      if (link) return link;
    }
    return "";
  };
  const follow = (event) => {
    const link = linkOf(event);
    if (!link || !link.startsWith("/") || link.startsWith("//")) return;
    if (isFinger && touched !== link) {
      touched = link;
      return;
    }
    if (event.event?.ctrlKey || event.event?.metaKey) window.open(link, "_blank", "noopener");
    else location.assign(link);
  };
  const leadOn = () => {
    for (const chart of document.querySelectorAll(".js-plotly-plot")) {
      if (leading.has(chart) || !chart.on) continue;
      leading.add(chart);
      chart.on("plotly_click", follow);
      chart.on("plotly_hover", (event) => chart.classList.toggle("pn-leads", linkOf(event) !== ""));
      chart.on("plotly_unhover", () => chart.classList.remove("pn-leads"));
    }
  };

  /* Streamlit draws what a button unfolds at the end of the document: the keyboard is led there, and back. */
  const UNFOLDED = '[data-testid="stPopoverBody"]';
  const stops = (part) => [...part.querySelectorAll('button:enabled, input, [tabindex="0"]')];
  let opener = null;
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.('[data-testid="stPopoverButton"]');
    if (!button || event.detail !== 0) return; // a mouse stays where it is
    opener = button;
    let tries = 20;
    const enter = () => {
      const first = stops(document.querySelector(UNFOLDED) ?? document.createElement("div"))[0];
      if (first) first.focus();
      else if (tries--) setTimeout(enter, 50);
    };
    setTimeout(enter, 50);
  });
  document.addEventListener(
    "keydown",
    (event) => {
      const part = event.target.closest?.(UNFOLDED);
      if (!part || !opener) return;
      const all = stops(part);
      const isEdge = event.target === (event.shiftKey ? all[0] : all.at(-1));
      if (event.key === "Tab" && isEdge) {
        event.preventDefault();
        opener.focus();
      } else if (event.key === "Escape") setTimeout(() => opener.focus(), 100);
    },
    true,
  );

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
