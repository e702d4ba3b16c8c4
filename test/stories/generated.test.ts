import { tellOnEachVariant } from "../support/tell.ts";
import { generated } from "./generated.ts";

tellOnEachVariant(generated);
