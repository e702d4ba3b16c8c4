import { tellOnEachVariant } from "../support/tell.ts";
import { partitions } from "./partitions.ts";

tellOnEachVariant(partitions);
