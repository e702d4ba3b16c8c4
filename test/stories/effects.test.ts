import { tellOnEachVariant } from "../support/tell.ts";
import { effects } from "./effects.ts";

tellOnEachVariant(effects);
