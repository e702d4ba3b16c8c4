import { tellOnEachVariant } from "../support/tell.ts";
import { keys } from "./keys.ts";

tellOnEachVariant(keys);
