// Without this file the page works by its button. With it, every change asks the
// server for the answer again and puts it in place.
"use strict";
const form = document.getElementById("question");
const answer = document.getElementById("answer");
const slider = document.getElementById("slider");
const spend = document.getElementById("spend");
document.documentElement.classList.add("live");

let running;
async function ask() {
	if (running) running.abort();
	running = new AbortController();
	const query = new URLSearchParams(new FormData(form)).toString();
	try {
		const reply = await fetch("/answer?" + query, { signal: running.signal });
		const text = await reply.text();
		if (!reply.ok) { spend.setAttribute("aria-invalid", "true"); return; }
		spend.removeAttribute("aria-invalid");
		answer.innerHTML = text;
		history.replaceState(null, "", "/?" + query);
	} catch (e) {
		if (e.name !== "AbortError") throw e;
	}
}

// The slider's scale grows with the square, so that small amounts can be set.
const max = Number(slider.max), scale = Number(slider.dataset.scale);
slider.addEventListener("input", () => {
	spend.value = String(Math.round(scale * (slider.value / max) ** 2));
	ask();
});
spend.addEventListener("input", () => {
	const v = Number(spend.value);
	if (Number.isFinite(v) && v >= 0) slider.value = String(Math.round(max * Math.sqrt(Math.min(v, scale) / scale)));
	ask();
});
form.addEventListener("change", (e) => { if (e.target.type === "checkbox") ask(); });
