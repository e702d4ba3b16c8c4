import { tellOnEachVariant } from "../support/tell.ts";
import { setNull } from "./set-null.ts";

tellOnEachVariant(setNull);
