// Blocks of Python that run on the page, those above first, in one worker; on pages of the course they can be edited.
// docs/live.py marks the blocks, docs/playground/blocks.py runs them.

const edit = new URL(import.meta.url).searchParams.has("edit");
const blocks = [...document.querySelectorAll(".highlight.live")].map(makeBlock);
let worker = null;
let answer = null; // What waits for the worker.
let running = null; // The block whose button was pressed.

function element(tag, className = "", text = "") {
  return Object.assign(document.createElement(tag), { className, textContent: text });
}

function makeBlock(code, number) {
  const block = { code, number, ran: false, field: null };
  const bar = element("div", "live-bar");
  block.button = element("button");
  nameButton(block, "Run");
  block.button.title = "Those above that have not run are run first";
  block.status = element("output", "live-status");
  block.shown = element("div", "live-shown");
  block.shown.setAttribute("aria-live", "polite");
  block.button.onclick = () => running === block ? stop() : runTo(block);
  bar.append(block.button);
  if (edit) {
    block.edit = element("button", "", "Edit");
    block.edit.setAttribute("aria-label", `Edit block ${number + 1}`);
    block.edit.onclick = () => openField(block);
    bar.append(block.edit);
  }
  bar.append(block.status);
  code.after(bar, block.shown);
  // What the page shows of an earlier run gives way to what comes out here.
  const after = block.shown.nextElementSibling;
  block.kept = after?.matches(".output") ? after : null;
  return block;
}

function nameButton({ button, number }, word) {
  button.textContent = word;
  button.setAttribute("aria-label", `${word} block ${number + 1}`);
}

const sourceOf = block => block.field ? block.field.value : block.code.querySelector("code").textContent;

function openField(block) {
  const source = sourceOf(block).trimEnd();
  block.field = element("textarea", "live-field");
  Object.assign(block.field, { value: source, rows: source.split("\n").length + 1, spellcheck: false });
  block.field.setAttribute("aria-label", `Code of block ${block.number + 1}; Control and Enter runs it`);
  block.field.oninput = () => { block.ran = false; };
  block.field.onkeydown = event => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    runTo(block);
  };
  block.code.hidden = true;
  block.code.after(block.field);
  block.edit.remove();
  block.field.focus();
}

function ask(block) {
  if (!worker) {
    worker = new Worker(new URL("worker.js", import.meta.url), { type: "module" });
    worker.onmessage = ({ data }) => {
      if (data.progress) running.status.textContent = data.progress;
      if (data.shown) answer(data.shown);
      if (data.failed) end(data.failed);
    };
    worker.onerror = event => end(event.message || "The worker could not begin.");
  }
  worker.postMessage({ block: sourceOf(block) });
  return new Promise(resolve => { answer = resolve; });
}

// Whatever the worker knew is gone: all blocks have to run again.
function end(error) {
  worker.terminate();
  worker = null;
  for (const block of blocks) block.ran = false;
  answer({ printed: "", html: "", error });
}

const stop = () => end("Stopped: what had run will run again.");

async function run(block) {
  const { printed, html, error } = await ask(block);
  block.ran = !error;
  const rich = element("div", "live-rich");
  rich.innerHTML = inScheme(html);
  const parts = [printed && element("pre", "", printed), html && rich, error && element("p", "live-error", error)];
  block.shown.replaceChildren(...parts.filter(Boolean));
  if (block.kept) block.kept.hidden = true;
  return block.ran;
}

async function runTo(block) {
  if (running) return;
  running = block;
  for (const { button } of blocks) button.disabled = button !== block.button;
  nameButton(block, "Stop");
  const above = blocks.slice(0, block.number).filter(one => !one.ran);
  let failed = null;
  for (const one of [...above, block]) if (!failed && !await run(one)) failed = one;
  for (const { button } of blocks) button.disabled = false;
  nameButton(block, "Run");
  const word = block.shown.childElementCount ? "" : "It ran, and shows nothing.";
  block.status.textContent = failed && failed !== block ? `Not run: block ${failed.number + 1} above failed.` : word;
  block.shown.dataset.done = "yes";
  running = null;
}

// Light or dark as the site is: pictures would ask the system, the site has a switch of its own.
function inScheme(text) {
  const dark = document.body.getAttribute("data-md-color-scheme") === "slate";
  return text.replaceAll(/\(prefers-color-scheme: ?dark\)/g, dark ? "(min-width: 0)" : "(max-width: 0)");
}
