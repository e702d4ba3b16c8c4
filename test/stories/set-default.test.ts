import { tellOnEachVariant } from "../support/tell.ts";
import { setDefault } from "./set-default.ts";

tellOnEachVariant(setDefault);
