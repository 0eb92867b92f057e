// Every page works without this. It starts the design system's own improvements.
import { initAll } from "./govuk.js";

initAll();
