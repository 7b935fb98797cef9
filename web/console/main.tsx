// SPDX-License-Identifier: Apache-2.0
/* Starts the console: one desk, one tree of views. */
import { render } from "preact";
import "uplot/dist/uPlot.min.css";
import "./styles/base.css";
import "./styles/parts.css";
import "./styles/shell.css";
import "./styles/inbox.css";
import "./styles/thread.css";
import "./styles/pages.css";
import "./styles/forced.css";
import { listenForTouch } from "./alerts";
import { App } from "./app";
import { Desk } from "./desk";
import { DeskContext } from "./hooks";
import { likings } from "./keep";
import { listenForKeys } from "./keys";
import { applyTheme } from "./theme";

applyTheme(likings().theme);
listenForTouch();
listenForKeys();
const root = document.getElementById("app");
if (root) {
	render(
		<DeskContext.Provider value={new Desk()}>
			<App />
		</DeskContext.Provider>,
		root,
	);
}
