import { tellOnEachVariant } from "../support/tell.ts";
import { predictedUnique } from "./predicted-unique.ts";

tellOnEachVariant(predictedUnique);
