import assert from "node:assert/strict";
import { test } from "node:test";
import { findServer, type Places, WrongSetting } from "../src/discovery";
import type { Ended } from "../src/process";

/** A machine on which some command lines answer, and nothing else is there. */
function machine(answers: Record<string, Partial<Ended>>) {
  const asked: string[] = [];
  const log: string[] = [];
  return {
    asked,
    log,
    tools: {
      run: async (command: string, args: readonly string[]): Promise<Ended> => {
        const line = [command, ...args].join(" ");
        asked.push(line);
        return { code: null, stdout: "", stderr: "not found", ...answers[line] };
      },
      log: (line: string) => log.push(line),
      extension: [0, 1, 0],
      timeout: 1000,
    },
  };
}

const GOOD: Partial<Ended> = { code: 0, stdout: "tunelint 0.1.3\n", stderr: "" };
const OLD: Partial<Ended> = { code: 0, stdout: "tunelint 0.0.9\n", stderr: "" };
const nowhere: Places = { setting: "", interpreter: async () => undefined, managed: async () => undefined };

test("the setting wins and nothing else is asked", async () => {
  const { tools, asked } = machine({ "/opt/tunelint --version": GOOD, "tunelint --version": GOOD });
  const server = await findServer({ ...nowhere, setting: "/opt/tunelint" }, tools);
  assert.equal(server?.command, "/opt/tunelint");
  assert.deepEqual(server?.args, []);
  assert.deepEqual(asked, ["/opt/tunelint --version"]);
});

test("a setting that names no server is an error, not a reason to look elsewhere", async () => {
  const { tools, asked } = machine({ "tunelint --version": GOOD });
  await assert.rejects(findServer({ ...nowhere, setting: "/opt/nothing" }, tools), WrongSetting);
  assert.deepEqual(asked, ["/opt/nothing --version"]);
});

test("then the interpreter, if it has a server", async () => {
  const { tools } = machine({ "/venv/python -m tunelint --version": GOOD, "tunelint --version": GOOD });
  const server = await findServer({ ...nowhere, interpreter: async () => "/venv/python" }, tools);
  assert.equal(server?.found, "the selected interpreter");
  assert.deepEqual(server?.args, ["-m", "tunelint"]);
  assert.equal(server?.version, "0.1.3");
});

test("then PATH, where the interpreter has none", async () => {
  const { tools, log } = machine({ "tunelint --version": GOOD });
  const server = await findServer({ ...nowhere, interpreter: async () => "/venv/python" }, tools);
  assert.equal(server?.found, "PATH");
  assert.ok(log.some((line) => line.includes("no server there")));
});

test("then the extension's own environment", async () => {
  const { tools, asked } = machine({ "/own/python -m tunelint --version": GOOD });
  const server = await findServer({ ...nowhere, managed: async () => "/own/python" }, tools);
  assert.equal(server?.found, "the extension's own environment");
  assert.deepEqual(asked, ["tunelint --version", "/own/python -m tunelint --version"]);
});

test("nothing found is no server, and every step is in the log", async () => {
  const { tools, log } = machine({});
  assert.equal(await findServer(nowhere, tools), undefined);
  assert.ok(log.some((line) => line.includes("no interpreter is selected")));
  assert.ok(log.some((line) => line.includes("PATH")));
  assert.ok(log.some((line) => line.includes("no environment of its own")));
});

test("a version that does not fit is passed over", async () => {
  const { tools, log } = machine({ "/venv/python -m tunelint --version": OLD, "tunelint --version": GOOD });
  const server = await findServer({ ...nowhere, interpreter: async () => "/venv/python" }, tools);
  assert.equal(server?.found, "PATH");
  assert.ok(log.some((line) => line.includes("0.0.9 does not fit")));
});

test("a program that is something else is passed over", async () => {
  const { tools } = machine({ "tunelint --version": { code: 0, stdout: "usage: tune [file]\n", stderr: "" } });
  assert.equal(await findServer(nowhere, tools), undefined);
});
