// Versions of Python programs, as far as an extension has to understand them.

export type Version = readonly number[];

/** Read the first version in a text such as "tunelint 0.3.1" or "Python 3.12.1rc2"; undefined where there is none. */
export function parseVersion(text: string): Version | undefined {
  const match = /\b(\d+)\.(\d+)(?:\.(\d+))?/.exec(text);
  return match ? [match[1], match[2], match[3] ?? "0"].map(Number) : undefined;
}

/** Tell whether a version is `least` or newer. */
export function atLeast(version: Version, least: Version): boolean {
  for (let index = 0; index < least.length; index++) {
    const [mine, wanted] = [version[index] ?? 0, least[index] ?? 0];
    if (mine !== wanted) {
      return mine > wanted;
    }
  }
  return true;
}

/** Tell whether a server of that version speaks with this extension: the same major version (the same minor one before 1.0). */
export function isCompatible(server: Version, extension: Version): boolean {
  if (server[0] !== extension[0]) {
    return false;
  }
  return server[0] !== 0 || server[1] === extension[1];
}
