import type { Platform } from "../database.ts";
import { AuditService } from "./audit.ts";
import { FormService } from "./forms.ts";
import { GroupService } from "./groups.ts";
import { ImageService } from "./images.ts";
import { ALLOW_LIST, CONFIG_FILE, MESSAGE, REPOSITORY } from "./locks.ts";
import { ProjectService } from "./projects.ts";
import { HidingService, RemovalService } from "./removal.ts";
import { UserService } from "./users.ts";

/** All services on one database. */
export const servicesOf = (platform: Platform) => ({
  users: new UserService(platform),
  groups: new GroupService(platform),
  projects: new ProjectService(platform),
  configFiles: new HidingService(platform, CONFIG_FILE),
  forms: new FormService(platform),
  messages: new HidingService(platform, MESSAGE),
  images: new ImageService(platform),
  allowLists: new HidingService(platform, ALLOW_LIST),
  repositories: new RemovalService(platform, REPOSITORY),
  audit: new AuditService(platform),
});

export type Services = ReturnType<typeof servicesOf>;
