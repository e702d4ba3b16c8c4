import { tellOnEachVariant } from "../support/tell.ts";
import { predictedValues } from "./predicted-values.ts";

tellOnEachVariant(predictedValues);
