import { tellOnEachVariant } from "../support/tell.ts";
import { cycles } from "./cycles.ts";

tellOnEachVariant(cycles);
