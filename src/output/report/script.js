"use strict";
(() => {
  const labels = JSON.parse(document.getElementById("points").textContent);
  const share = (part, whole) => whole ? (part / whole).toFixed(2).replace(/^0/, "") : "–";

  for (const form of document.querySelectorAll(".explorer")) {
    const { support, points } = labels[form.dataset.label];
    const slider = form.querySelector("input"), output = form.querySelector("output");
    const dot = document.getElementById("dot" + form.dataset.label);
    const [left, top, width, height] = dot.ownerSVGElement.dataset.plot.split(" ").map(Number);

    function show() {
      const [threshold, tagged, right] = points[slider.value];
      const text = `from ${threshold.toFixed(2)} up: ${tagged} tagged, ${right} rightly; precision ${share(right, tagged)}, ` +
        `recall ${share(right, support)}, F1 ${share(2 * right, tagged + support)}`;
      output.value = text;
      slider.setAttribute("aria-valuetext", threshold.toFixed(2));
      if (tagged && support) {
        dot.setAttribute("cx", left + width * right / support);
        dot.setAttribute("cy", top + height * (1 - right / tagged));
      }
      dot.setAttribute("visibility", tagged && support ? "visible" : "hidden");
    }

    form.hidden = false;
    form.addEventListener("input", show);
    form.addEventListener("submit", event => event.preventDefault());
    // The form is reset only after this event.
    form.addEventListener("reset", () => setTimeout(show));
    show();
  }
})();
