module "catalog" {
  source = "../catalog"

  databases = {
    (local.names.catalog) = "Silver tables of the car telemetry"
    silver_data           = "Silver tables that the gold job reads"
    gold_data             = "Gold tables"
    nyc_taxi_catalog      = "Taxi trips, as uploaded and as processed"
  }

  crawlers = {
    (local.names.silver_crawler) = {
      description  = "Car telemetry, after the silver consolidation"
      database     = local.names.catalog
      bucket       = module.bucket["silver"].name
      prefix       = "car_telemetry/"
      table_prefix = "silver_"
    }
    (local.names.gold_crawler) = {
      description = "Gold tables, after the gold job"
      database    = "gold_data"
      bucket      = module.bucket["gold"].name
      prefix      = "gold/"
    }
    (local.names.taxi_crawler) = {
      description = "Uploaded taxi trips, after their processing"
      database    = "nyc_taxi_catalog"
      bucket      = module.bucket["raw"].name
      prefix      = var.uploads.prefix
    }
  }

  kms_key_arn = var.kms_key_arn
}
