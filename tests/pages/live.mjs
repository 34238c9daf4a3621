// Runs blocks of pages in Pyodide with docs/playground/blocks.py, as worker.js does. Arguments: the folder of Pyodide,
// and a file to lie beside the blocks. Standard input: lists of blocks, as JSON; output: what is shown of each.
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { pathToFileURL } from "node:url";

const [runtime, beside] = process.argv.slice(2);
// Before Pyodide, which may take the standard input for itself.
const given = readFileSync(0, "utf-8");
const { loadPyodide } = await import(pathToFileURL(`${runtime}/pyodide.mjs`));
try {
  const python = await loadPyodide({ indexURL: `${runtime}/` });
  for (const [name, extractDir] of [["fkube", "/fkube"], ["checks", "/fkube"], ["pages", "/page"]])
    python.unpackArchive(new Uint8Array(readFileSync(`${runtime}/${name}.zip`)), "zip", { extractDir });
  python.FS.writeFile(`/page/${basename(beside)}`, readFileSync(beside, "utf-8"));
  python.globals.set("given", given);
  process.stdout.write(python.runPython(`
import json, os, sys
sys.path[:0] = ["/fkube", "/page"]
os.chdir("/page")
from blocks import run_block
def run(blocks):
    names = {}
    return [run_block(block, names) for block in blocks]
json.dumps([run(blocks) for blocks in json.loads(given)])`));
} catch (error) {
  process.stderr.write(error.message);
  process.exit(1);
}
