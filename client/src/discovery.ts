// Finds the server: the setting, the selected interpreter, PATH, and last the extension's own environment.
import type { Run } from "./process";
import { isCompatible, parseVersion, type Version } from "./versions";

export interface Server {
  command: string;
  args: readonly string[];
  version: string;
  /** Where it was found, in words. */
  found: string;
}

export interface Places {
  /** The setting `tunelint.path`; empty where it is not set. */
  setting: string;
  /** The selected Python interpreter, where there is one. */
  interpreter: () => Promise<string | undefined>;
  /** The Python of the extension's own environment, where that was made. */
  managed: () => Promise<string | undefined>;
}

export interface Tools {
  run: Run;
  log: (line: string) => void;
  extension: Version;
  /** Milliseconds that each program has to tell its version. */
  timeout: number;
}

/** The setting names something that is no server: that is an error, and no other place is tried in silence. */
export class WrongSetting extends Error {}

interface Candidate {
  command: string;
  args: readonly string[];
  found: string;
}

/** Return the first server that answers with a compatible version; undefined where no place has one. */
export async function findServer(places: Places, tools: Tools): Promise<Server | undefined> {
  if (places.setting) {
    const server = await probe({ command: places.setting, args: [], found: "the setting tunelint.path" }, tools);
    if (!server) {
      throw new WrongSetting(`The setting tunelint.path names ${places.setting}, which is no TuneLint that fits.`);
    }
    return server;
  }
  const interpreter = await places.interpreter();
  if (interpreter) {
    const candidate = { command: interpreter, args: ["-m", "tunelint"], found: "the selected interpreter" };
    const server = await probe(candidate, tools);
    if (server) {
      return server;
    }
  } else {
    tools.log("no interpreter is selected");
  }
  const onPath = await probe({ command: "tunelint", args: [], found: "PATH" }, tools);
  if (onPath) {
    return onPath;
  }
  const managed = await places.managed();
  if (!managed) {
    tools.log("the extension has no environment of its own");
    return undefined;
  }
  return probe({ command: managed, args: ["-m", "tunelint"], found: "the extension's own environment" }, tools);
}

async function probe(candidate: Candidate, tools: Tools): Promise<Server | undefined> {
  const words = [candidate.command, ...candidate.args, "--version"];
  tools.log(`looking at ${candidate.found}: ${words.join(" ")}`);
  const began = Date.now();
  const ended = await tools.run(candidate.command, words.slice(1), tools.timeout);
  const took = `${Date.now() - began} ms`;
  if (ended.code !== 0) {
    const said = ended.stderr.trim().split("\n").pop() ?? "";
    tools.log(
      `  no server there (${ended.code === null ? "not started or too slow" : `exit code ${ended.code}`}, ${took}) ${said}`,
    );
    return undefined;
  }
  const version = parseVersion(ended.stdout);
  if (!ended.stdout.startsWith("tunelint") || !version) {
    tools.log(`  it answers ${JSON.stringify(ended.stdout.slice(0, 80))}, which is not TuneLint (${took})`);
    return undefined;
  }
  if (!isCompatible(version, tools.extension)) {
    tools.log(`  version ${version.join(".")} does not fit this extension, ${tools.extension.join(".")} (${took})`);
    return undefined;
  }
  tools.log(`  version ${version.join(".")} (${took})`);
  return { ...candidate, version: version.join(".") };
}
