/* Draws the chart of a standing page from the description that lies beside it. */
"use strict";

globalThis.panoramaSheet = {
  draw(options = {}) {
    const places = [...document.querySelectorAll("[data-figure]")];
    return Promise.all(
      places.map((place) => {
        const { data, layout } = JSON.parse(place.querySelector("script").textContent);
        return Plotly.newPlot(place.querySelector(".sheet-plot"), data, layout, {
          displayModeBar: false,
          responsive: true,
          topojsonURL: "../app/static/topojson/",
          ...options,
        });
      }),
    );
  },
};
