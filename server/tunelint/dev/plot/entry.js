// What a report's script uses of Observable Plot; nothing else of it is bundled.
import { areaY, barX, dot, line, plot, pointer, rectY, ruleX, ruleY, text, tip } from "@observablehq/plot";

globalThis.Plot = { areaY, barX, dot, line, plot, pointer, rectY, ruleX, ruleY, text, tip };
