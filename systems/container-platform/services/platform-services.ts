import type { Platform } from "../database.ts";
import { AuditService } from "./audit.ts";
import { FormService } from "./forms.ts";
import { GroupService } from "./groups.ts";
import { ImageService } from "./images.ts";
import { ProjectService } from "./projects.ts";
import { UserService } from "./users.ts";

/** All services on one database. */
export const servicesOf = (platform: Platform) => ({
  users: new UserService(platform),
  groups: new GroupService(platform),
  projects: new ProjectService(platform),
  forms: new FormService(platform),
  images: new ImageService(platform),
  audit: new AuditService(platform),
});

export type Services = ReturnType<typeof servicesOf>;
