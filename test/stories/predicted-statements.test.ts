import { tellOnEachVariant } from "../support/tell.ts";
import { predictedStatements } from "./predicted-statements.ts";

tellOnEachVariant(predictedStatements);
