import { render } from "preact";
import "./style/style.css";
import { takeTokenFromAddress } from "./api/client";
import { Page } from "./page";
import { applyTheme, rememberedTheme } from "./theme/theme";

takeTokenFromAddress();
addEventListener("hashchange", takeTokenFromAddress);
applyTheme(rememberedTheme());
render(<Page />, document.getElementById("page")!);
