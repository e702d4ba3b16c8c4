import { configOf } from "../ondelete.config.ts";
import { settingsOf } from "../settings.ts";

/** The same policy on the state before. */
export default configOf({
  ...settingsOf(),
  database: process.env.PLATFORM_DATABASE ?? "pglite:container-platform-before",
});
