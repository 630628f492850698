// The console's behaviour. Every page works without it, apart from live refreshing and pictures.
import { startPolling } from "./polling.js";
import { startCharts } from "./charts.js";
import { startKeys } from "./keys.js";
import { startPalette } from "./palette.js";
import { startPictures } from "./pictures.js";
import { startMenus, startThemes, startCopying, startAges } from "./parts.js";

startThemes();
startMenus();
startCopying();
startAges();
startCharts();
startPictures();
startPolling();
startPalette();
startKeys();
