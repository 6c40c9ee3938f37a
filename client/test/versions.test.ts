import assert from "node:assert/strict";
import { test } from "node:test";
import { atLeast, isCompatible, parseVersion } from "../src/versions";

test("versions are read out of what programs print", () => {
  assert.deepEqual(parseVersion("tunelint 0.3.1\n"), [0, 3, 1]);
  assert.deepEqual(parseVersion("Python 3.12.1rc2"), [3, 12, 1]);
  assert.deepEqual(parseVersion("Python 3.11"), [3, 11, 0]);
  assert.equal(parseVersion("no version here"), undefined);
});

test("versions are compared by number", () => {
  assert.ok(atLeast([3, 11, 0], [3, 11]));
  assert.ok(atLeast([3, 9, 0], [3, 9, 0]));
  assert.ok(!atLeast([3, 9, 20], [3, 11]));
  assert.ok(atLeast([4, 0, 0], [3, 11]));
});

test("before 1.0 the minor version must be the same, later the major one", () => {
  assert.ok(isCompatible([0, 1, 9], [0, 1, 0]));
  assert.ok(!isCompatible([0, 2, 0], [0, 1, 0]));
  assert.ok(isCompatible([1, 7, 0], [1, 2, 0]));
  assert.ok(!isCompatible([2, 0, 0], [1, 2, 0]));
});
