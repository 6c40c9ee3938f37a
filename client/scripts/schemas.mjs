// Copies the schemas that the manifest names into schemas/.
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";

const client = path.resolve(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), "..");
const source = path.join(client, "..", "schemas");
const { contributes } = JSON.parse(readFileSync(path.join(client, "package.json"), "utf8"));
rmSync(path.join(client, "schemas"), { recursive: true, force: true });
mkdirSync(path.join(client, "schemas"));
for (const { url } of [contributes.yamlValidation, contributes.jsonValidation, contributes.tomlValidation].flat()) {
  const name = path.basename(url);
  const file = [path.join(source, "configs", name), path.join(source, name)].find((one) => existsSync(one));
  copyFileSync(file, path.join(client, "schemas", name));
}
