// Asks for what every page needs, while the page itself is still being read.
import "./base/early";

void import("./page");
