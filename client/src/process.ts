// Runs programs to their end. Nothing here knows VS Code.
import { spawn } from "node:child_process";

export interface Ended {
  /** The exit code; null when the program could not be started, was killed, or took too long. */
  code: number | null;
  stdout: string;
  stderr: string;
}

export type Run = (command: string, args: readonly string[], timeout: number) => Promise<Ended>;

/** Run a program and collect what it says; after `timeout` milliseconds it is killed. */
export const run: Run = (command, args, timeout) =>
  new Promise((resolve) => {
    let stdout = "";
    let stderr = "";
    let done = false;
    const finish = (code: number | null) => {
      if (!done) {
        done = true;
        clearTimeout(timer);
        resolve({ code, stdout, stderr });
      }
    };
    const child = spawn(command, [...args], { windowsHide: true });
    const timer = setTimeout(() => {
      stderr += `gave no answer within ${timeout / 1000} s`;
      child.kill();
      finish(null);
    }, timeout);
    child.stdout.on("data", (data: Buffer) => {
      stdout += data.toString();
    });
    child.stderr.on("data", (data: Buffer) => {
      stderr += data.toString();
    });
    child.on("error", (problem) => {
      stderr += problem.message;
      finish(null);
    });
    child.on("close", (code) => finish(code));
  });
