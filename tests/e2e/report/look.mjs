// look.mjs PAGE SHOTS: opens a page from disk as a reader would, and prints what it saw there as JSON.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const require = createRequire(join(process.cwd(), "package.json"));
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf-8");
const [, , file, shots] = process.argv;
const address = pathToFileURL(file).href;
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ["--no-sandbox"] });
const seen = { problems: [], requests: [], looks: {} };

async function open(options) {
  const page = await browser.newPage(options);
  page.on("console", (message) => seen.problems.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => seen.problems.push(error.message));
  page.on("request", (request) => request.url() !== address && seen.requests.push(request.url()));
  await page.goto(address);
  return page;
}

async function faults(page) {
  // The policy of the page lets no script in but its own, so the looker comes by the debugger's door.
  const found = await page.evaluate(`${axe}; axe.run(document, { resultTypes: ["violations"] })`);
  seen.rules = found.passes.length;
  return found.violations.map((one) => `${one.impact}: ${one.id}: ${one.nodes.map((node) => node.html.slice(0, 160)).slice(0, 3).join(" | ")}`);
}

for (const [name, options] of Object.entries({
  light: { colorScheme: "light", viewport: { width: 1180, height: 900 } },
  dark: { colorScheme: "dark", viewport: { width: 1180, height: 900 } },
  phone: { colorScheme: "light", viewport: { width: 390, height: 844 } },
})) {
  const page = await open(options);
  const look = (seen.looks[name] = {});
  look.ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  look.wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth + 1);
  look.axe = await faults(page);
  look.plots = await page.evaluate(() =>
    Object.fromEntries(
      [...document.querySelectorAll(".plot")].map((plot) => [
        plot.closest("section").id,
        {
          says: plot.getAttribute("aria-label"),
          kind: plot.dataset.plot,
          bars: plot.querySelectorAll(".bars rect").length,
          points: plot.querySelectorAll(".points > *").length,
          rings: plot.querySelectorAll(".rings > *").length,
          lines: plot.querySelectorAll(".lines path").length,
          even: plot.querySelectorAll(".even > *").length,
          titles: [...plot.querySelectorAll("title")].map((one) => one.textContent),
          text: [...plot.querySelectorAll("text")].map((one) => one.textContent),
          tall: plot.getBoundingClientRect().height,
          ink: getComputedStyle(plot.querySelector("text") ?? plot).fill,
        },
      ]),
    ),
  );
  await page.screenshot({ path: join(shots, `${name}.png`), fullPage: true });
  await page.close();
}

// By keyboard alone.
const page = await open({ viewport: { width: 1180, height: 900 } });
await page.keyboard.press("Tab");
seen.first = await page.evaluate(() => document.activeElement.textContent);
await page.keyboard.press("Enter");
seen.skipped = await page.evaluate(() => location.hash);
const rule = page.locator("details.rule").last();
const before = await rule.evaluate((one) => one.open);
await rule.locator("summary").focus();
await page.keyboard.press("Enter");
seen.opened = before !== (await rule.evaluate((one) => one.open));
const section = page.locator("section.records").first();
await section.locator("[data-search]").focus();
await page.keyboard.type(process.env.SEARCHED);
seen.searched = await section.evaluate((one) => ({
  shown: [...one.querySelectorAll("tbody tr")].filter((row) => !row.hidden).length,
  said: one.querySelector("output").textContent,
}));
await page.keyboard.press("Control+A");
await page.keyboard.press("Delete");
await page.keyboard.press("Tab");
await page.keyboard.press("Space");
seen.flagged = await section.evaluate((one) => [...one.querySelectorAll("tbody tr")].filter((row) => !row.hidden).length);
const button = page.locator("[data-copy]").first();
await button.focus();
await page.keyboard.press("Enter");
await page.waitForFunction(() => document.querySelector("[data-copy]").textContent !== "Copy");
seen.copied = await button.textContent();
const map = page.locator(".plot[data-plot=map]").first();
if (await map.count()) {
  await map.scrollIntoViewIfNeeded();
  await map.locator(".points > *").first().hover({ force: true });
  await page.waitForFunction(() => document.querySelector("[data-plot=map] [aria-label=tip] text"));
  seen.tip = await map.locator("[aria-label=tip]").textContent();
}
await page.setViewportSize({ width: 500, height: 800 });
await page.waitForFunction(() => [...document.querySelectorAll(".plot")].every((plot) => plot.firstElementChild.getBoundingClientRect().width <= 500));
await page.emulateMedia({ media: "print" });
seen.print = await page.evaluate(() => ({
  nav: getComputedStyle(document.querySelector("nav")).display,
  ground: getComputedStyle(document.body).backgroundColor,
}));
await page.pdf({ path: join(shots, "page.pdf"), format: "A4" });
await page.close();

// In an editor's web view links ask the editor.
const view = await browser.newPage({ viewport: { width: 900, height: 900 } });
await view.addInitScript(() => {
  window.asked = [];
  window.acquireVsCodeApi = () => ({ postMessage: (message) => window.asked.push(message) });
});
await view.goto(address);
await view.locator("section.records a").first().click();
await view.locator("section.records a").nth(1).focus();
await view.keyboard.press("Enter");
seen.addresses = await view.locator("a[href^='vscode:']").count();
seen.asked = await view.evaluate(() => window.asked);
console.log(JSON.stringify(seen));
await browser.close();
