// Python, in a thread of its own: the page stays alive whatever a program does, and can end it.
// In: {load: true}, {run: [manifest, program], keep}, {block: source}. Out: {progress}, {ready}, {shown}, {failed}.

const here = new URL("../pyodide/", import.meta.url);

async function fetchBytes(name) {
  const answer = await fetch(new URL(name, here));
  if (!answer.ok) throw new Error(`${name}: ${answer.status}`);
  return answer.arrayBuffer();
}

async function load() {
  postMessage({ progress: "Loading Python…" });
  let loadPyodide;
  try {
    ({ loadPyodide } = await import(new URL("pyodide.mjs", here)));
  } catch {
    throw new Error("This build of the site has no Python in it: build it where there is npm.");
  }
  const library = fetchBytes("fkube.zip");
  const python = await loadPyodide({ indexURL: here.href });
  postMessage({ progress: "Unpacking fkube…" });
  python.unpackArchive(await library, "zip", { extractDir: "/fkube" });
  postMessage({ progress: "Importing fkube…" });
  const run = python.runPython(`
import json, sys
sys.path.insert(0, "/fkube")
from fkube import edge
from playground import play
cluster = edge.embedded()
def run(manifest, program, keep):
    global cluster
    cluster = cluster if keep else edge.embedded()
    return json.dumps(play(manifest, program, cluster))
run`);
  postMessage({ ready: true });
  return { python, run };
}

// The blocks of a page: they share their names, a folder with manifests, and what they import of the course.

let runBlock = null;

async function prepare(python) {
  python.unpackArchive(await fetchBytes("pages.zip"), "zip", { extractDir: "/page" });
  return python.runPython(`
import os
from blocks import run_block
os.chdir("/page")
sys.path.insert(0, "/page")
names = {}
lambda source: json.dumps(run_block(source, names))`);
}

// What checks laws needs Hypothesis, which is fetched when an import first asks for it.

const CHECKS = /^(?:>>> )?\s*(?:from|import)\s.*\b(?:hypothesis|testing|exercises|checking)\b/m;
let checks = null;

async function loadChecks(python) {
  postMessage({ progress: "Loading what checks laws…" });
  try {
    python.unpackArchive(await fetchBytes("checks.zip"), "zip", { extractDir: "/fkube" });
  } catch {
    throw new Error("Checks need Hypothesis, which this build of the site has not: run them with Python on your machine.");
  }
}

async function showBlock(python, source) {
  runBlock ??= await prepare(python);
  if (CHECKS.test(source)) await (checks ??= loadChecks(python));
  postMessage({ progress: "Running…" });
  return runBlock(source);
}

const loading = load().catch(error => postMessage({ failed: String(error.message ?? error) }));

onmessage = async ({ data }) => {
  const loaded = await loading;
  if (!loaded) return;
  const { python, run } = loaded;
  try {
    if (data.run) postMessage({ progress: "Running…" });
    const shown = data.run ? run(...data.run, data.keep) : await showBlock(python, data.block);
    postMessage({ shown: JSON.parse(shown) });
  } catch (error) {
    postMessage({ failed: String(error.message ?? error) });
  }
};
