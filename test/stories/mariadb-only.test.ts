import { tellOnEachVariant } from "../support/tell.ts";
import { mariadbOnly } from "./mariadb-only.ts";

tellOnEachVariant(mariadbOnly);
