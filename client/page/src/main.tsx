import { render } from "preact";
render(<p>Twinning</p>, document.getElementById("app")!);
