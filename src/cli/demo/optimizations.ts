/** What a generated configuration improves, and of which kind it is. */
export const OPTIMIZATIONS: readonly (readonly [name: string, category: string])[] = [
  ["build in two stages", "image size"],
  ["leave development dependencies out", "image size"],
  ["use a slim base image", "image size"],
  ["copy the lock file first", "build time"],
  ["cache the package manager's folder", "build time"],
  ["run tests in parallel", "build time"],
  ["run as a user without privileges", "security"],
  ["pin the base image by digest", "security"],
  ["keep secrets out of the image", "security"],
  ["limit memory", "reliability"],
  ["restart on failure", "reliability"],
  ["check health before taking traffic", "reliability"],
  ["compress answers", "speed"],
  ["keep connections to the database open", "speed"],
];
