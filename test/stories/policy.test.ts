import { tellOnEachVariant } from "../support/tell.ts";
import { policy } from "./policy.ts";

tellOnEachVariant(policy);
