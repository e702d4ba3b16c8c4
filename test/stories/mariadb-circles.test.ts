import { tellOnEachVariant } from "../support/tell.ts";
import { mariadbCircles } from "./mariadb-circles.ts";

tellOnEachVariant(mariadbCircles);
