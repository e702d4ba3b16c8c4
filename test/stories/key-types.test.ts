import { tellOnEachVariant } from "../support/tell.ts";
import { keyTypes } from "./key-types.ts";

tellOnEachVariant(keyTypes);
