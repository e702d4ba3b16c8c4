import { tellOnEachVariant } from "../support/tell.ts";
import { spread } from "./spread.ts";

tellOnEachVariant(spread);
