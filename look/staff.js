// Every page works without this. It starts the design system's own improvements.
import { initAll } from "./govuk.js";

initAll();

// A page that shows how far something is asks again by itself, and is loaded anew only when that is over.
const AGAIN_MS = 1000;
const progress = document.querySelector("[data-progress]");

async function ask() {
  const answer = await fetch(progress.dataset.progress, { headers: { Accept: "application/json" } });
  const job = await answer.json();
  if (job.state !== progress.dataset.state) return location.reload();
  if (job.total) progress.querySelector("progress").value = job.done;
  const said = progress.querySelector("[data-said]");
  if (said) said.textContent = job.said;
  return setTimeout(watch, AGAIN_MS);
}

// Where the network or the sign-in is away for a while, it goes on when they are back.
const watch = () => ask().catch(() => setTimeout(watch, AGAIN_MS * 5));

if (progress) setTimeout(watch, AGAIN_MS);
