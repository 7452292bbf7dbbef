// Without this file the page is right when it was loaded and its forms work by
// reloading. With it, countdowns run, and the list is fetched again when a case
// is about to change.
"use strict";
const clock = document.getElementById("clock");
const list = document.getElementById("list");
let skew = Number(clock.dataset.now) - Date.now(); // the server's clock counts

function text(ms) {
	const late = ms < 0;
	let s = Math.floor(Math.abs(ms) / 1000);
	const d = Math.floor(s / 86400); s %= 86400;
	const h = Math.floor(s / 3600), m = Math.floor(s / 60) % 60;
	const parts = d > 0 ? `${d}d ${h}h ${m}m` : `${h}:${String(m).padStart(2, "0")}:${String(s % 60).padStart(2, "0")}`;
	return late ? parts + " late" : "due in " + parts;
}

let fetching = false;
async function refresh() {
	if (fetching) return;
	fetching = true;
	try {
		const open = new Set([...list.querySelectorAll("details[open]")].map((d) => d.closest("article").querySelector("h3").firstChild.data));
		const reply = await fetch("/list");
		if (!reply.ok) return;
		skew = Number(reply.headers.get("X-Now")) - Date.now();
		list.innerHTML = await reply.text();
		for (const d of list.querySelectorAll("details")) d.open = open.has(d.closest("article").querySelector("h3").firstChild.data);
		document.getElementById("attainment").innerHTML = await (await fetch("/attainment")).text();
	} finally { fetching = false; }
}

let fetched = Date.now();
setInterval(() => {
	const now = Date.now() + skew;
	for (const e of list.querySelectorAll("[data-due]")) e.textContent = text(Number(e.dataset.due) - now);
	clock.textContent = new Date(now).toISOString().slice(0, 19).replace("T", " ") + " UTC";
	const next = document.getElementById("next").dataset.next;
	if ((next && now >= Number(next)) || Date.now() - fetched > 10000) { fetched = Date.now(); refresh(); }
}, 1000);

const form = document.getElementById("whatif");
form.addEventListener("submit", async (e) => {
	const change = e.submitter && e.submitter.value === "change";
	e.preventDefault();
	const data = new URLSearchParams(new FormData(form));
	const reply = change
		? await fetch("/change", { method: "POST", body: data, headers: { "X-Fragment": "1" } })
		: await fetch("/whatif?" + data, { headers: { "X-Fragment": "1" } });
	document.getElementById("whatif-answer").innerHTML = await reply.text();
	if (change) await refresh();
});
