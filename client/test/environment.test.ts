import assert from "node:assert/strict";
import { test } from "node:test";
import { type EnvironmentTools, makeEnvironment, pythonOf } from "../src/environment";
import type { Ended } from "../src/process";

const OK: Ended = { code: 0, stdout: "", stderr: "" };
const MISSING: Ended = { code: null, stdout: "", stderr: "not found" };

/** A machine that answers command lines by their beginning. */
function machine(answers: [string, Ended][], wheels: string[] = ["tunelint-0.1.0-py3-none-any.whl"]) {
  const ran: string[] = [];
  const removed: string[] = [];
  let cancelled = false;
  const tools: EnvironmentTools = {
    run: async (command, args) => {
      const line = [command, ...args].join(" ");
      ran.push(line);
      return answers.find(([start]) => line.startsWith(start))?.[1] ?? OK;
    },
    log: () => {},
    exists: async () => true,
    list: async () => wheels,
    remove: async (folder) => {
      removed.push(folder);
    },
    report: () => {},
    cancelled: () => cancelled,
    windows: false,
  };
  const cancel = () => {
    cancelled = true;
  };
  return { tools, ran, removed, cancel };
}

const PLAN = { folder: "/store/server", wheels: "/ext/wheels", pythons: [["/selected/python"], ["python3"]] };

test("uv is used where it is there", async () => {
  const { tools, ran } = machine([]);
  assert.equal(await makeEnvironment(PLAN, tools), "/store/server/bin/python");
  assert.deepEqual(ran, [
    "uv --version",
    "uv venv --no-config --python >=3.11 /store/server",
    "uv pip install --python /store/server/bin/python /ext/wheels/tunelint-0.1.0-py3-none-any.whl",
    "/store/server/bin/python -m tunelint --version",
  ]);
});

test("else the first Python that is new enough", async () => {
  const { tools, ran } = machine([
    ["uv", MISSING],
    ["/selected/python --version", { ...OK, stdout: "Python 3.9.2" }],
    ["python3 --version", { ...OK, stdout: "Python 3.12.0" }],
  ]);
  await makeEnvironment(PLAN, tools);
  assert.ok(ran.includes("python3 -m venv /store/server"));
  assert.ok(ran.some((line) => line.startsWith("/store/server/bin/python -m pip install") && line.endsWith(".whl")));
});

test("no Python that is new enough says what to do", async () => {
  const { tools } = machine([
    ["uv", MISSING],
    ["/selected/python", MISSING],
    ["python3", { ...OK, stdout: "Python 3.8.1" }],
  ]);
  await assert.rejects(makeEnvironment(PLAN, tools), /Python 3\.11 or newer was not found; install it/);
});

test("dependency wheels are used without any index", async () => {
  const { tools, ran } = machine([], ["tunelint-0.1.0-py3-none-any.whl", "numpy-2.0-cp311.whl"]);
  await makeEnvironment(PLAN, tools);
  assert.ok(ran.some((line) => line.includes("--no-index --find-links /ext/wheels")));
});

test("a failure leaves nothing behind and says why", async () => {
  const { tools, removed } = machine([["uv pip", { code: 1, stdout: "", stderr: "no matching distribution" }]]);
  await assert.rejects(makeEnvironment(PLAN, tools), /uv pip failed: no matching distribution/);
  assert.deepEqual(removed, ["/store/server", "/store/server"]);
});

test("cancelling leaves nothing behind", async () => {
  const { tools, removed, cancel } = machine([]);
  cancel();
  await assert.rejects(makeEnvironment(PLAN, tools), /cancelled/);
  assert.equal(removed.length, 2);
});

test("a build without a wheel says so", async () => {
  const { tools } = machine([], []);
  await assert.rejects(makeEnvironment(PLAN, tools), /carries no server/);
});

test("the Python of an environment on Windows", () => {
  assert.match(pythonOf("C:/env", true), /Scripts.python\.exe$/);
});
