/* Puts a standing page on the tab of a headless browser and writes what is laid out there as true SVG. */
"use strict";

globalThis.panoramaPicture = (() => {
  const MARGIN = 40;
  const escaped = (text) =>
    text
      .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "")
      .replace(/&/g, "&amp;")
      .replace(/</g, "&lt;")
      .replace(/>/g, "&gt;")
      .replace(/"/g, "&quot;");
  const short = (value) => String(Math.round(value * 100) / 100);

  /* What a style writes before or after an element becomes text of its own, so that it can be measured and found. */
  const writeOut = (element, which) => {
    const style = getComputedStyle(element, which);
    const words = style.content.match(/^"(.*)"$/s)?.[1];
    if (!words || style.display === "none") return;
    const span = document.createElement("span");
    span.textContent = words.replace(/\\(.)/g, "$1");
    for (const name of ["font", "color", "background", "padding", "border-radius", "white-space", "margin"]) {
      span.style.setProperty(name, style.getPropertyValue(name));
    }
    element.classList.add("sheet-written");
    if (which === "::after") element.append(span);
    else element.prepend(span);
  };

  /* Brings the page; a figure taller than `most` is cut and says so. Returns the size of the page. */
  const show = async (html, most) => {
    const page = new DOMParser().parseFromString(html, "text/html");
    for (const old of document.head.querySelectorAll("[data-sheet]")) old.remove();
    for (const part of page.head.querySelectorAll("style")) {
      part.dataset.sheet = "";
      document.head.append(part);
    }
    document.title = page.title;
    document.documentElement.lang = page.documentElement.lang;
    document.documentElement.style.cssText = page.documentElement.style.cssText;
    document.body.replaceWith(document.adoptNode(page.body));
    await document.fonts.ready;
    for (const link of document.body.querySelectorAll("a[href]")) link.removeAttribute("href");
    await panoramaSheet.draw({ staticPlot: true, responsive: false });
    for (const element of document.body.querySelectorAll("*")) {
      if (element.closest("svg")) continue;
      writeOut(element, "::before");
      writeOut(element, "::after");
    }
    const stop = document.createElement("style");
    stop.dataset.sheet = "";
    stop.textContent = ".sheet-written::before, .sheet-written::after { content: none !important; }";
    document.head.append(stop);
    const figure = document.querySelector("figure");
    const cut = document.querySelector("[data-cut]");
    if (figure && cut && figure.getBoundingClientRect().height > most) {
      /* between two rows, never through one */
      const top = figure.getBoundingClientRect().top;
      const rows = [...figure.querySelectorAll("tr, li, details")].map((row) => row.getBoundingClientRect().bottom - top);
      const last = Math.max(...rows.filter((bottom) => bottom <= most), 0);
      figure.style.height = `${last || most}px`;
      figure.style.overflow = "hidden";
      cut.hidden = false;
    }
    await document.fonts.ready;
    /* a matrix with many columns makes the page wider rather than being cut */
    const right = Math.max(0, ...[...document.querySelectorAll("table")].map((table) => table.getBoundingClientRect().right));
    const asked = parseFloat(document.body.style.width);
    if (right + MARGIN > asked) document.body.style.width = `${Math.ceil(right + MARGIN)}px`;
    const box = document.body.getBoundingClientRect();
    return { width: Math.ceil(box.width), height: Math.ceil(box.height) };
  };

  /* Hatches and dots, as the style sheets write them. */
  const patternOf = (image, size, defs) => {
    const name = () => `pattern-${defs.length}`;
    const stripes = image.match(/^repeating-linear-gradient\(([\d.]+)deg, .*?((?:rgba?|color)\([^)]*\)) ([\d.]+)px, \2 ([\d.]+)px\)$/);
    if (stripes) {
      const [, degrees, colour, start, end] = stripes;
      defs.push(
        `<pattern id="${name()}" width="${end}" height="${end}" patternUnits="userSpaceOnUse" patternTransform="rotate(${degrees - 90})">` +
          `<rect x="${start}" width="${short(end - start)}" height="${end}" fill="${colour}"/></pattern>`,
      );
      return `url(#pattern-${defs.length - 1})`;
    }
    const dots = image.match(/^radial-gradient\(circle, ((?:rgba?|color)\([^)]*\)) ([\d.]+)px, /);
    if (dots) {
      const step = parseFloat(size) || 6;
      defs.push(
        `<pattern id="${name()}" width="${step}" height="${step}" patternUnits="userSpaceOnUse">` +
          `<circle cx="${step / 2}" cy="${step / 2}" r="${dots[2]}" fill="${dots[1]}"/></pattern>`,
      );
      return `url(#pattern-${defs.length - 1})`;
    }
    const plain = image.match(/^linear-gradient\(((?:rgba?|color)\([^)]*\))/);
    return plain ? plain[1] : "";
  };

  /* Printing turns patterns of SVG into pixels, slowly and many of them: a shape's pattern becomes what it shows, cut to
   * the shape. Shapes of very many tiles stay as they are, and the outlines of states: to cut along a coast takes pixels too. */
  const MOST_TILES = 6000;

  const drawPattern = (shape, pattern, name) => {
    const [x, y, width, height] = ["x", "y", "width", "height"].map((side) => pattern[side].baseVal.value);
    const matrix = pattern.patternTransform.baseVal.consolidate()?.matrix ?? pattern.ownerSVGElement.createSVGMatrix();
    const box = shape.getBBox();
    const back = DOMMatrix.fromMatrix(matrix).inverse();
    const corners = [box.x, box.x + box.width].flatMap((left) => [box.y, box.y + box.height].map((top) => back.transformPoint({ x: left, y: top })));
    const tilesOf = (along, from, size) => {
      const values = corners.map((corner) => (corner[along] - from) / size);
      return [Math.floor(Math.min(...values)), Math.ceil(Math.max(...values))];
    };
    const [[left, right], [top, bottom]] = [tilesOf("x", x, width), tilesOf("y", y, height)];
    if (!((right - left) * (bottom - top) <= MOST_TILES)) return;
    const made = (kind, parent, attributes = {}) => {
      const element = document.createElementNS("http://www.w3.org/2000/svg", kind);
      for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
      return parent.appendChild(element);
    };
    const outline = () => {
      const copy = shape.cloneNode(false);
      for (const attribute of ["style", "class", "id", "transform", "clip-path", "fill", "stroke"]) copy.removeAttribute(attribute);
      copy.style.clipRule = getComputedStyle(shape).fillRule;
      return copy;
    };
    const place = made("g", shape.parentNode);
    shape.before(place);
    for (const attribute of ["transform", "opacity"]) {
      if (shape.hasAttribute(attribute)) place.setAttribute(attribute, shape.getAttribute(attribute));
    }
    place.style.opacity = shape.style.opacity;
    made("clipPath", place, { id: name }).append(outline());
    const { a, b, c, d, e, f } = matrix;
    const cut = made("g", place, { "clip-path": `url(#${name})` });
    const tiles = made("g", cut, { transform: `matrix(${a} ${b} ${c} ${d} ${e} ${f})` });
    for (const part of pattern.children) {
      if (part.localName === "rect" && part.width.baseVal.value >= width && part.height.baseVal.value >= height) {
        /* the ground of the pattern is that of the whole shape: tile beside tile would show seams */
        const ground = outline();
        for (const attribute of ["fill", "fill-opacity"]) {
          if (part.hasAttribute(attribute)) ground.setAttribute(attribute, part.getAttribute(attribute));
        }
        ground.style.fill = part.style.fill;
        ground.style.stroke = "none";
        cut.prepend(ground);
        continue;
      }
      for (let row = top; row < bottom; row += 1) {
        for (let column = left; column < right; column += 1) {
          made("g", tiles, { transform: `translate(${x + column * width} ${y + row * height})` }).append(part.cloneNode(true));
        }
      }
    }
    shape.style.fill = "none";
  };

  const drawPatterns = () => {
    const shapes = [...document.body.querySelectorAll("svg :is(path, rect, circle, ellipse, polygon)")];
    shapes.forEach((shape, number) => {
      if (shape.closest("defs, pattern, clipPath")) return;
      const name = getComputedStyle(shape).fill.match(/^url\(["']?#([^"')]+)/)?.[1];
      const pattern = name && document.getElementById(name);
      if (pattern?.localName === "pattern" && shape.getBoundingClientRect().width) drawPattern(shape, pattern, `drawn-${number}`);
    });
  };

  const isSeen = (colour) => colour && colour !== "transparent" && !/^rgba\(.*, 0\)$/.test(colour);
  const SIDES = ["Top", "Right", "Bottom", "Left"];

  const boxOf = (element, style, rect, defs) => {
    const drawn = [];
    const radius = Math.min(parseFloat(style.borderTopLeftRadius) * (style.borderTopLeftRadius.endsWith("%") ? rect.width / 100 : 1) || 0, rect.width / 2, rect.height / 2);
    const area = (fill, box = rect) =>
      `<rect x="${short(box.x)}" y="${short(box.y)}" width="${short(box.width)}" height="${short(box.height)}"` +
      `${radius ? ` rx="${short(radius)}"` : ""} fill="${fill}"/>`;
    if (isSeen(style.backgroundColor)) drawn.push(area(style.backgroundColor));
    if (style.backgroundImage !== "none") {
      const fill = patternOf(style.backgroundImage, style.backgroundSize, defs);
      if (fill && style.backgroundRepeat === "no-repeat") {
        const height = parseFloat(style.backgroundSize.split(" ")[1]) || rect.height;
        drawn.push(area(fill, { x: rect.x, y: rect.y + (rect.height - height) / 2, width: rect.width, height }));
      } else if (fill) drawn.push(area(fill));
    }
    const line = (colour, width, kind, inset) =>
      `<rect x="${short(rect.x + inset)}" y="${short(rect.y + inset)}" width="${short(Math.max(rect.width - 2 * inset, 0))}" ` +
      `height="${short(Math.max(rect.height - 2 * inset, 0))}"${radius ? ` rx="${short(Math.max(radius - inset, 0))}"` : ""} fill="none" ` +
      `stroke="${colour}" stroke-width="${short(width)}"${kind === "dashed" ? ` stroke-dasharray="${short(3 * width)}"` : ""}/>`;
    const borders = SIDES.map((side) => ({
      width: style[`border${side}Style`] === "none" ? 0 : parseFloat(style[`border${side}Width`]),
      colour: style[`border${side}Color`],
      kind: style[`border${side}Style`],
    }));
    const [first] = borders;
    if (borders.every((side) => side.width === first.width && side.colour === first.colour)) {
      if (first.width && isSeen(first.colour)) drawn.push(line(first.colour, first.width, first.kind, first.width / 2));
    } else {
      const { left, top, right, bottom } = rect;
      const ends = [[left, top, right, top, 0, 1], [right, top, right, bottom, -1, 0], [left, bottom, right, bottom, 0, -1], [left, top, left, bottom, 1, 0]];
      borders.forEach(({ width, colour }, side) => {
        if (!width || !isSeen(colour)) return;
        const [x1, y1, x2, y2, dx, dy] = ends[side];
        const [mx, my] = [(dx * width) / 2, (dy * width) / 2];
        drawn.push(`<path d="M${short(x1 + mx)} ${short(y1 + my)}L${short(x2 + mx)} ${short(y2 + my)}" stroke="${colour}" stroke-width="${short(width)}"/>`);
      });
    }
    const shadow = style.boxShadow.match(/^(.*\)) 0px 0px 0px ([\d.]+)px inset$/);
    if (shadow) drawn.push(line(shadow[1], parseFloat(shadow[2]), "solid", parseFloat(shadow[2]) / 2));
    if (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) && isSeen(style.outlineColor)) {
      const width = parseFloat(style.outlineWidth);
      drawn.push(line(style.outlineColor, width, "solid", -(parseFloat(style.outlineOffset) || 0) - width / 2));
    }
    return drawn.join("");
  };

  const pen = document.createElement("canvas").getContext("2d");
  const textAt = (words, rect, style) => {
    pen.font = `${style.fontStyle} ${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
    const { fontBoundingBoxAscent: above, fontBoundingBoxDescent: below } = pen.measureText(words);
    const foot = rect.y + (rect.height * above) / (above + below);
    const look = [
      `font-family="${escaped(style.fontFamily)}"`,
      `font-size="${short(parseFloat(style.fontSize))}"`,
      style.fontWeight === "400" ? "" : `font-weight="${style.fontWeight}"`,
      style.fontStyle === "normal" ? "" : `font-style="${style.fontStyle}"`,
      style.fontVariantNumeric === "normal" ? "" : `style="font-variant-numeric:${style.fontVariantNumeric}"`,
    ];
    /* the length keeps lines where they are also where the typeface is missing */
    return (
      `<text x="${short(rect.x)}" y="${short(foot)}" textLength="${short(rect.width)}" lengthAdjust="spacingAndGlyphs" ` +
      `fill="${style.color}" ${look.filter(Boolean).join(" ")}>${escaped(words)}</text>`
    );
  };

  /* The words of a text node, line by line as they were laid out. */
  const linesOf = (node, style) => {
    const drawn = [];
    const range = document.createRange();
    let line = null;
    const close = () => {
      if (line) drawn.push(textAt(line.words.join(" "), line, style));
      line = null;
    };
    for (const found of node.data.matchAll(/\S+/g)) {
      range.setStart(node, found.index);
      range.setEnd(node, found.index + found[0].length);
      const rects = [...range.getClientRects()].filter((rect) => rect.width);
      if (!rects.length) continue;
      if (rects.length > 1) {
        /* a word broken over lines: letter by letter */
        close();
        let piece = null;
        for (let at = found.index; at < found.index + found[0].length; at += 1) {
          range.setStart(node, at);
          range.setEnd(node, at + 1);
          const rect = range.getBoundingClientRect();
          if (piece && Math.abs(piece.y - rect.y) < 2) {
            piece.words += node.data[at];
            piece.width = rect.right - piece.x;
          } else {
            if (piece) drawn.push(textAt(piece.words, piece, style));
            piece = { words: node.data[at], x: rect.x, y: rect.y, width: rect.width, height: rect.height };
          }
        }
        if (piece) drawn.push(textAt(piece.words, piece, style));
        continue;
      }
      const [rect] = rects;
      if (line && Math.abs(line.y - rect.y) < 2 && rect.x >= line.x) {
        line.words.push(found[0]);
        line.width = rect.right - line.x;
      } else {
        close();
        line = { words: [found[0]], x: rect.x, y: rect.y, width: rect.width, height: rect.height };
      }
    }
    close();
    return drawn.join("");
  };

  const bulletOf = (element, style) => {
    if (style.display !== "list-item" || style.listStyleType === "none" || element.tagName === "SUMMARY") return "";
    const rect = element.getBoundingClientRect();
    const size = parseFloat(style.fontSize);
    const middle = rect.y + parseFloat(style.paddingTop) + (parseFloat(style.lineHeight) || size * 1.4) / 2;
    if (style.listStyleType === "decimal") {
      const place = [...element.parentElement.children].indexOf(element) + (element.parentElement.start ?? 1);
      return `<text x="${short(rect.x - 6)}" y="${short(middle + size * 0.35)}" text-anchor="end" font-size="${size}" font-family="${escaped(style.fontFamily)}" fill="${style.color}">${place}.</text>`;
    }
    return `<circle cx="${short(rect.x - size * 0.75)}" cy="${short(middle)}" r="${short(size * 0.17)}" fill="${style.color}"/>`;
  };

  const svgOf = (element, style) => {
    const rect = element.getBoundingClientRect();
    const copy = element.cloneNode(true);
    const texts = (of) => [...of.querySelectorAll("text, tspan")];
    const copies = texts(copy);
    texts(element).forEach((text, place) => {
      const length = text.querySelector("tspan") ? 0 : text.getComputedTextLength();
      if (!length) return;
      copies[place].setAttribute("textLength", short(length));
      copies[place].setAttribute("lengthAdjust", "spacingAndGlyphs");
    });
    for (const useless of copy.querySelectorAll("a")) {
      const group = document.createElementNS("http://www.w3.org/2000/svg", "g");
      group.append(...useless.childNodes);
      useless.replaceWith(group);
    }
    for (const [name, value] of Object.entries({ x: short(rect.x), y: short(rect.y), width: short(rect.width), height: short(rect.height) })) {
      copy.setAttribute(name, value);
    }
    for (const name of ["style", "class", "role", "aria-label"]) copy.removeAttribute(name);
    copy.setAttribute("font-family", style.fontFamily);
    copy.setAttribute("font-size", style.fontSize);
    copy.setAttribute("overflow", "hidden");
    return new XMLSerializer().serializeToString(copy);
  };

  const svg = () => {
    const defs = [];
    const drawn = [];
    const figure = document.querySelector("figure");
    const cutAt = figure?.style.overflow === "hidden" ? figure.getBoundingClientRect().bottom : Infinity;
    const walk = (node) => {
      if (node.nodeType === Node.TEXT_NODE) {
        if (node.data.trim()) drawn.push(linesOf(node, getComputedStyle(node.parentElement)));
        return;
      }
      if (node.nodeType !== Node.ELEMENT_NODE || ["SCRIPT", "STYLE", "TEMPLATE"].includes(node.tagName)) return;
      const style = getComputedStyle(node);
      if (style.display === "none" || style.visibility === "hidden" || style.opacity === "0") return;
      if (node.tagName === "svg") {
        if (node.getBoundingClientRect().width) drawn.push(svgOf(node, style));
        return;
      }
      if (cutAt < Infinity && figure.contains(node) && node.getBoundingClientRect().top >= cutAt - 1) return;
      /* what is folded away has a box of no size, or none at all */
      if (!node.checkVisibility?.()) return;
      const isInline = style.display === "inline";
      for (const rect of isInline ? node.getClientRects() : [node.getBoundingClientRect()]) {
        if (rect.width && rect.height) drawn.push(boxOf(node, style, rect, defs));
      }
      drawn.push(bulletOf(node, style));
      node.childNodes.forEach(walk);
    };
    walk(document.body);
    const box = document.body.getBoundingClientRect();
    const [width, height] = [Math.ceil(box.width), Math.ceil(box.height)];
    const lang = document.documentElement.lang;
    const say = (selector) => escaped(document.querySelector(selector)?.textContent ?? "");
    return (
      `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" ` +
      `xml:lang="${lang}" role="img"><title>${say("h1")}</title><desc>${say(".pn-takeaway")}</desc>` +
      `<defs>${defs.join("")}</defs>${drawn.join("")}</svg>`
    );
  };

  return { show, svg, drawPatterns };
})();
