/* Puts a picture that the server drew on the page, and the outlines that it refers to once into the document. */
let outlines;

const bringOutlines = async (address) => {
  if (document.getElementById("pn-shapes")) return;
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`no outlines: ${answer.status}`);
  const { features } = await answer.json();
  const holder = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  holder.id = "pn-shapes";
  holder.setAttribute("aria-hidden", "true");
  holder.style.cssText = "position:absolute;width:0;height:0";
  for (const { id, geometry } of features) {
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    path.id = `pn-shape-${id}`;
    path.setAttribute("fill-rule", "evenodd");
    const ring = (places) => `M${places.slice(0, -1).map((place) => place.join(" ")).join("L")}Z`;
    path.setAttribute("d", geometry.coordinates.flat().map(ring).join(""));
    holder.append(path);
  }
  document.body.append(holder);
};

/* The link of a state is at its code; its outline leads to the same page for those who point at it. */
const linkShapes = (picture) => {
  for (const shape of picture.querySelectorAll("[data-of]")) {
    const place = picture.querySelector(`a[data-code="${shape.dataset.of}"]`);
    const link = document.createElementNS("http://www.w3.org/2000/svg", "a");
    link.setAttribute("href", place.getAttribute("href"));
    link.setAttribute("tabindex", "-1");
    link.setAttribute("aria-hidden", "true");
    link.append(place.querySelector("title").cloneNode(true));
    shape.replaceWith(link);
    link.append(shape);
  }
};

export default function ({ parentElement, data }) {
  let place = parentElement.querySelector(".pn-geo");
  if (!place) {
    place = document.createElement("div");
    place.className = "pn-geo";
    parentElement.append(place);
  }
  if (place.drawn !== data.html) {
    place.drawn = data.html;
    place.innerHTML = data.html;
    place.querySelectorAll("svg").forEach(linkShapes);
  }
  if (!data.html.includes("#pn-shape-")) return; /* only maps refer to them */
  outlines ??= bringOutlines(data.outlines).catch((error) => {
    outlines = undefined; /* asked for again with the next picture */
    throw error;
  });
}
