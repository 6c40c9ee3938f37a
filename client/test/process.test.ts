import assert from "node:assert/strict";
import { test } from "node:test";
import { run } from "../src/process";

test("a program's output and exit code are collected", async () => {
  const ended = await run(
    process.execPath,
    ["-e", "console.log('out'); console.error('err'); process.exit(3)"],
    20_000,
  );
  assert.deepEqual(ended, { code: 3, stdout: "out\n", stderr: "err\n" });
});

test("a program that is not there has no exit code", async () => {
  const ended = await run("/nowhere/program", [], 20_000);
  assert.equal(ended.code, null);
  assert.notEqual(ended.stderr, "");
});

test("a program that hangs is killed", async () => {
  const ended = await run(process.execPath, ["-e", "setInterval(() => {}, 1000)"], 300);
  assert.equal(ended.code, null);
  assert.match(ended.stderr, /no answer within 0.3 s/);
});
