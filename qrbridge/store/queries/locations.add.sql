insert into location (reference, name, address, postcode, ward, latitude, longitude, kind, setting)
values (:reference, :name, :address, :postcode, :ward, :latitude, :longitude, :kind, :setting)
