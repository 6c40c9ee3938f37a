// drive.mjs OPTIONS.json: drives the workbench as a user does, and writes what was seen to the file that the options name.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

const options = JSON.parse(readFileSync(process.argv[2], "utf8"));
const { chromium } = createRequire(path.join(options.tools, "package.json"))("playwright-core");
const seen = { steps: [] };
const browser = await chromium.launch({
  executablePath: options.chromium,
  args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
const page = await browser.newPage({ viewport: { width: 1280, height: 760 } });
page.setDefaultTimeout(60_000);
const shot = (name) => page.screenshot({ path: path.join(options.shots, `${name}.png`) });
const step = async (name, action) => {
  const began = Date.now();
  try {
    const value = await action();
    seen.steps.push({ name, ok: true, milliseconds: Date.now() - began, value });
  } catch (problem) {
    seen.steps.push({ name, ok: false, milliseconds: Date.now() - began, problem: String(problem).slice(0, 600) });
    await shot(`failed-${name.replaceAll(/\W+/g, "-")}`);
    throw problem;
  }
};
const SQUIGGLE = ".monaco-editor .squiggly-error";
const statusText = () => page.locator("[id='tunelint.tunelint.tunelint.status'], [id*='tunelint.status']").first().innerText();
const open = async (name) => {
  await page.keyboard.press("Control+P");
  const input = page.locator(".quick-input-widget input");
  await input.waitFor();
  await input.fill(name);
  await page.locator(".quick-input-list .monaco-list-row.focused", { hasText: name }).first().waitFor();
  await page.keyboard.press("Enter");
  await page.locator(".tab.active", { hasText: name }).first().waitFor();
};
const palette = async (command) => {
  await page.keyboard.press("F1");
  const input = page.locator(".quick-input-widget input");
  await input.waitFor();
  await input.fill(`>${command}`);
  await page.locator(".quick-input-list .monaco-list-row", { hasText: command }).first().waitFor();
  await page.keyboard.press("Enter");
};
const goTo = async (line, column) => {
  await page.keyboard.press("Control+G");
  const input = page.locator(".quick-input-widget input");
  await input.waitFor();
  await input.fill(`:${line}:${column}`);
  await page.keyboard.press("Enter");
  await page.locator(".quick-input-widget").waitFor({ state: "hidden" });
};
const until = async (condition, what, milliseconds = 60_000) => {
  const end = Date.now() + milliseconds;
  for (;;) {
    const value = await condition();
    if (value) {
      return value;
    }
    if (Date.now() > end) {
      throw new Error(`gave up waiting for ${what}`);
    }
    await page.waitForTimeout(20);
  }
};

/** Wait for a part of the page to be there whole: menus and hovers fade in. */
const settled = async (selector) => {
  const part = page.locator(selector).first();
  await part.waitFor();
  await until(() => part.evaluate((one) => one.getAnimations({ subtree: true }).every((each) => each.playState !== "running")), "it to settle");
  await page.waitForTimeout(300);
};
/** Open the hover at the cursor; return its text once it holds some words. */
const hover = async (words) => {
  await page.keyboard.press("Control+K");
  await page.keyboard.press("Control+I");
  const text = await until(async () => {
    const texts = await page.locator(".monaco-hover-content").allInnerTexts();
    return texts.find((one) => one.includes(words)) ?? false;
  }, `the hover with ${words}`);
  await settled(".monaco-hover-content");
  return text;
};
/** Open the menu of actions at the cursor; return its entries. */
const actions = async (one) => {
  await page.keyboard.press("Control+.");
  await page.locator(".action-widget .monaco-list-row", { hasText: one }).first().waitFor();
  await settled(".action-widget");
  return page.locator(".action-widget .monaco-list-row").allInnerTexts();
};
/** Click on an entry of the menu of actions. */
const choose = async (one) => {
  const entry = page.locator(".action-widget .monaco-list-row", { hasText: one }).first();
  // the menu takes no click before the mouse has moved
  const box = await entry.boundingBox();
  await page.mouse.move(box.x + 8, box.y + box.height / 2);
  await page.mouse.move(box.x + 24, box.y + box.height / 2);
  await page.locator(".context-view-pointerBlock").waitFor({ state: "detached" });
  await page.mouse.click(box.x + 24, box.y + box.height / 2);
};
const problems = () => page.locator(".markers-panel").innerText();

/** Deletes what is before the cursor, which mends the line, and types it again; returns how long the squiggle took to follow. */
const typing = async () => {
  const times = [];
  for (let round = 0; round < 5; round++) {
    const took = async (key, wanted) => {
      // watched inside the page: a look from outside takes as long as what is measured
      await page.evaluate(
        ([selector, present]) => {
          window.squiggle = new Promise((resolve, reject) => {
            const start = () => {
              const began = performance.now();
              const look = () => {
                const took = performance.now() - began;
                if ((document.querySelector(selector) !== null) === present) {
                  resolve(took);
                } else if (took > 10_000) {
                  reject(new Error(`the squiggle is ${present ? "not there" : "still there"}`));
                } else {
                  requestAnimationFrame(look);
                }
              };
              look();
            };
            window.addEventListener("keydown", start, { once: true, capture: true });
            setTimeout(() => reject(new Error("no key came")), 20_000);
          });
        },
        [SQUIGGLE, wanted],
      );
      await page.keyboard.press(key);
      return page.evaluate(() => window.squiggle);
    };
    times.push({ gone: await took("Backspace", false), back: await took(",", true) });
    await page.waitForTimeout(400);
  }
  return times;
};

const scenarios = {
  async editing() {
    await step("open a bad dataset", async () => {
      await open("bad.jsonl");
      await page.locator(SQUIGGLE).first().waitFor();
    });
    // before the panel: an editor without the focus asks for no lens
    await step("code lens", () =>
      until(async () => {
        const texts = await page.locator(".codelens-decoration").allInnerTexts();
        return texts.find((text) => text.includes("records")) ?? false;
      }, "the code lens"),
    );
    await step("problems panel", async () => {
      await page.keyboard.press("Control+Shift+M");
      await page.locator(".markers-panel .monaco-list-row").first().waitFor();
      const rows = await until(async () => {
        const texts = await page.locator(".markers-panel .monaco-list-row").allInnerTexts();
        return texts.some((text) => text.includes("JSN001")) && texts;
      }, "JSN001 in the panel");
      return rows;
    });
    await step("status item", () => until(async () => (await statusText()).includes("error") && statusText(), "the status"));
    await shot("1-findings");
    await step("hover", async () => {
      const word = page.locator(".view-line span", { hasText: "asistant" }).last();
      await goTo(options.roleLine, options.roleColumn);
      const text = await hover("CHT001");
      await shot("2-hover");
      await page.keyboard.press("Escape");
      return [text, await word.count()];
    });
    await step("quick fix by clicking", async () => {
      await goTo(options.roleLine, options.roleColumn);
      const entries = await actions("Rename the role");
      await shot("3-quick-fix");
      await choose("Rename the role");
      await until(async () => !(await problems()).includes("CHT001"), "CHT001 to go");
      return entries;
    });
    await step("type an edit and see the finding go", async () => {
      await goTo(options.brokenLine, options.brokenColumn);
      const times = await typing();
      await page.keyboard.press("Backspace");
      await page.locator(SQUIGGLE).first().waitFor({ state: "detached" });
      return times;
    });
    await step("fix all", async () => {
      await palette("TuneLint: Fix All That Can Be Fixed Safely");
      await until(async () => !(await page.locator(".markers-panel").innerText()).includes("FIL005"), "FIL005 to go");
      await shot("4-fixed");
    });
    await step("explain a rule", async () => {
      await palette("TuneLint: Explain Rule");
      await page.locator(".quick-input-list .monaco-list-row").first().waitFor();
      await page.keyboard.press("Enter");
      await page.locator(".tab", { hasText: "Preview" }).first().waitFor();
      await page.waitForTimeout(1500);
      await shot("5-rule");
    });
  },
  async large() {
    await step("type in a file of 10 MB", async () => {
      await open("middle.jsonl");
      await until(async () => /\d+ (error|warning)/.test(await statusText().catch(() => "")), "its findings", 120_000);
      await goTo(options.middleLine, options.brokenColumn);
      await page.locator(SQUIGGLE).first().waitFor();
      return typing();
    });
    await step("a file of 45 MB", async () => {
      await open("large.jsonl");
      await until(async () => (await statusText().catch(() => "")).includes("reading"), "the status", 120_000);
      await shot("6-large-reading");
      const text = await until(
        async () => /\d+ (error|warning)/.test(await statusText().catch(() => "")) && statusText(),
        "findings of the large file",
        180_000,
      );
      await shot("7-large");
      return text;
    });
    await step("a file above the limit", async () => {
      await open("huge.jsonl");
      const anyway = page.locator("text=Open Anyway");
      await anyway.waitFor({ timeout: 10_000 }).then(() => anyway.click(), () => undefined);
      const text = await until(
        async () => (await statusText().catch(() => "")).includes("from disk") && statusText(),
        "the file to be linted from disk",
        180_000,
      );
      await page.keyboard.press("Control+Shift+M");
      await until(async () => (await page.locator(".markers-panel").innerText()).includes("JSN001"), "its problems");
      await shot("8-huge");
      return text;
    });
  },
  async config() {
    const WARNING = ".monaco-editor .squiggly-error, .monaco-editor .squiggly-warning";
    await step("open a config with a misspelt key", async () => {
      await open("axolotl.yaml");
      await page.locator(WARNING).first().waitFor();
    });
    await step("its lens", () =>
      until(async () => {
        const texts = await page.locator(".codelens-decoration").allInnerTexts();
        return texts.find((text) => text.includes("Axolotl config")) ?? false;
      }, "the code lens"),
    );
    await step("hover on a key", async () => {
      await goTo(options.keyLine, 4);
      const text = await hover("micro_batch_size");
      await shot("11-config");
      await page.keyboard.press("Escape");
      return text;
    });
    await step("complete a key", async () => {
      await goTo(options.keyLine, 1);
      await page.keyboard.press("Control+Enter");
      await page.keyboard.type("gradient_chec", { delay: 30 });
      await page.keyboard.press("Control+Space");
      const row = page.locator(".suggest-widget .monaco-list-row", { hasText: "gradient_checkpointing" }).first();
      await row.waitFor();
      await settled(".suggest-widget");
      await shot("12-completion");
      await page.keyboard.press("Escape");
      for (let round = 0; round < 16; round++) {
        await page.keyboard.press("Control+z");
      }
    });
    await step("its status item", () => until(async () => /error|warning/.test(await statusText()) && statusText(), "the status"));
    await step("ignore a key in a comment", async () => {
      await goTo(options.wrongLine, 2);
      await actions("here (comment)");
      await shot("16-ignore-key");
      await choose("here (comment)");
      await page.locator(".view-line", { hasText: "tunelint: ignore[CFG002]" }).first().waitFor();
      await page.locator(".monaco-editor .squiggly-warning").first().waitFor({ state: "detached" });
      await page.keyboard.press("Control+z");
      await page.locator(".monaco-editor .squiggly-warning").first().waitFor();
    });
    await step("make a prompt of a dataset", async () => {
      await open("labels.jsonl");
      await until(async () => /nothing|warning|information/.test(await statusText().catch(() => "")), "the status");
      await palette("TuneLint: Create a Few-Shot Prompt");
      await page.locator(".quick-input-list .monaco-list-row", { hasText: "Markdown" }).first().waitFor();
      await page.keyboard.press("Enter");
      await page.locator(".tab", { hasText: "labels.prompt.md" }).first().waitFor();
      await page.locator(".view-line", { hasText: "A few-shot prompt from" }).first().waitFor();
      await shot("13-prompt");
    });
  },
  async report() {
    const inside = page.frameLocator("iframe.webview").frameLocator("iframe#active-frame");
    await step("the report of a dataset", async () => {
      await open("labels.jsonl");
      await until(async () => /nothing|warning|information/.test(await statusText().catch(() => "")), "the status");
      await palette("TuneLint: Show Dataset Report");
      await inside.locator("h1").first().waitFor();
      await inside.locator(".plot svg").first().waitFor();
      await page.waitForTimeout(500);
      await shot("14-report");
      return inside.locator("h1").first().innerText();
    });
    await step("a click goes to the record", async () => {
      const link = inside.locator("a[data-line='7']").first();
      await link.scrollIntoViewIfNeeded();
      await link.click();
      return until(async () => {
        const text = await page.locator("[id='status.editor.selection']").innerText().catch(() => "");
        return text.includes("Ln 7") && text;
      }, "the record");
    });
    await step("an edit that is saved makes the page anew", async () => {
      await page.keyboard.press("Control+End");
      await page.keyboard.type(options.more, { delay: 0 });
      await page.keyboard.press("Control+s");
      await inside.locator("td", { hasText: /^81$/ }).first().waitFor();
      await shot("15-report-anew");
    });
  },
  async ignoring() {
    await step("open a bad dataset", async () => {
      await open("bad.jsonl");
      await page.locator(SQUIGGLE).first().waitFor();
      await page.keyboard.press("Control+Shift+M");
      await until(async () => (await problems()).includes("CHT001"), "the problems");
      await page.keyboard.press("Control+1");
    });
    for (const [name, line, column, code, entry] of options.ignored) {
      await step(name, async () => {
        await goTo(line, column);
        const entries = await actions(entry);
        await shot(`17-${name.replaceAll(" ", "-")}`);
        await choose(entry);
        await until(async () => !(await problems()).includes(code), `${code} to go`);
        await shot(`18-${name.replaceAll(" ", "-")}`);
        return entries;
      });
    }
  },
  async looks() {
    await step("a dataset in the dark", async () => {
      await open("bad.jsonl");
      await page.locator(SQUIGGLE).first().waitFor();
      await until(async () => (await page.locator(".codelens-decoration").allInnerTexts()).some((text) => text.includes("records")), "the code lens");
      await goTo(options.roleLine, options.roleColumn);
      const text = await hover("CHT001");
      await shot("20-dark-dataset");
      await page.keyboard.press("Escape");
      return text;
    });
    await step("a config with its dataset", async () => {
      await open("axolotl.yaml");
      await until(async () => {
        const texts = await page.locator(".codelens-decoration").allInnerTexts();
        return texts.some((text) => text.includes("80 records")) && texts.some((text) => text.includes("GB"));
      }, "the code lenses");
      await shot("21-dark-config");
      await goTo(options.keyLine, 4);
      const text = await hover("micro_batch_size");
      await shot("22-dark-hover");
      await page.keyboard.press("Escape");
      return [text, await page.locator(".codelens-decoration").allInnerTexts()];
    });
    await step("from a config to its dataset", async () => {
      await page.locator(".codelens-decoration a", { hasText: "80 records" }).click();
      await page.locator(".tab.active", { hasText: "labels.jsonl" }).waitFor();
      await page.locator(".tab", { hasText: "axolotl.yaml" }).click();
      await page.locator(".tab.active", { hasText: "axolotl.yaml" }).waitFor();
    });
    await step("values in a config", async () => {
      await goTo(options.keyLine, 1);
      await page.keyboard.press("Control+Enter");
      await page.keyboard.type("lr_scheduler: ", { delay: 30 });
      await page.keyboard.press("Control+Space");
      await page.locator(".suggest-widget .monaco-list-row").first().waitFor();
      await settled(".suggest-widget");
      await shot("23-dark-values");
      await page.keyboard.press("Escape");
      for (let round = 0; round < 16; round++) {
        await page.keyboard.press("Control+z");
      }
    });
    await step("the report in the dark", async () => {
      const inside = page.frameLocator("iframe.webview").frameLocator("iframe#active-frame");
      await open("labels.jsonl");
      await until(async () => /nothing|warning|information/.test(await statusText().catch(() => "")), "the status");
      await palette("TuneLint: Show Dataset Report");
      await inside.locator(".plot svg").first().waitFor();
      await page.waitForTimeout(500);
      await shot("24-dark-report");
      await palette("View: Close Editor");
    });
    await step("lint the workspace", async () => {
      await palette("TuneLint: Lint Workspace");
      const toast = page.locator(".notification-toast", { hasText: "findings in" });
      await toast.waitFor();
      await settled(".notification-toast");
      await shot("25-dark-workspace");
      return toast.innerText();
    });
  },
  async managed() {
    let clicks = 0;
    await step("no server is found", async () => {
      await open("bad.jsonl");
      const toast = page.locator(".notification-toast", { hasText: "TuneLint found no server" });
      await toast.waitFor();
      await settled(".notification-toast");
      await shot(`9-consent${options.shot}`);
      return toast.innerText();
    });
    await step("make the environment", async () => {
      await page.locator(".notification-toast .monaco-button", { hasText: "Make It" }).click();
      clicks += 1;
      await page.locator(SQUIGGLE).first().waitFor({ timeout: 300_000 });
      const status = await until(async () => (await statusText()).includes("error") && statusText(), "the status");
      await shot(`10-managed${options.shot}`);
      return { clicks, status };
    });
  },
};

try {
  await page.goto(options.url);
  await page.locator(".monaco-workbench .explorer-folders-view .monaco-list-row").first().waitFor();
  await scenarios[options.scenario]();
} catch (problem) {
  seen.failed = String(problem).slice(0, 1000);
} finally {
  writeFileSync(options.out, JSON.stringify(seen, null, 2));
  await browser.close();
}
process.exit(seen.failed ? 1 : 0);
