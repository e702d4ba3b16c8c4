import { tellOnEachVariant } from "../support/tell.ts";
import { diamonds } from "./diamonds.ts";

tellOnEachVariant(diamonds);
