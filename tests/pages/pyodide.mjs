// Runs sample.py in Pyodide. Arguments: the folder of Pyodide and fkube.zip, and that of sample.py, whose arguments
// are the standard input, as JSON.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [runtime, tests] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(`${runtime}/pyodide.mjs`));
try {
  const python = await loadPyodide({ indexURL: `${runtime}/` });
  python.unpackArchive(new Uint8Array(readFileSync(`${runtime}/fkube.zip`)), "zip", { extractDir: "/fkube" });
  python.FS.writeFile("/fkube/sample.py", readFileSync(`${tests}/sample.py`, "utf-8"));
  python.globals.set("given", readFileSync(0, "utf-8"));
  process.stdout.write(python.runPython(`
import json, sys
sys.path.insert(0, "/fkube")
from sample import sample
sample(*json.loads(given))`));
} catch (error) {
  // Node would print the whole of Pyodide's source with it.
  process.stderr.write(error.message);
  process.exit(1);
}
