// Python, in a thread of its own: the page stays alive whatever a program does, and can end it.
// In: {load: true}, {run: [manifest, program], keep}. Out: {progress}, {ready}, {shown}, {failed}.

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
  const play = python.runPython(`
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
  return play;
}

const loading = load().catch(error => postMessage({ failed: String(error.message ?? error) }));

onmessage = async ({ data }) => {
  const play = await loading;
  if (!play) return;
  postMessage({ progress: "Running…" });
  try {
    postMessage({ shown: JSON.parse(play(...data.run, data.keep)) });
  } catch (error) {
    postMessage({ failed: String(error.message ?? error) });
  }
};
